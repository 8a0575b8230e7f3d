"""The sampler beside what one would use instead, each in a process of its own.

    python -m benchmarks [--only NAME] [--rounds 15] [--json FILE] [--write]

T = 1000 passes unless a table says otherwise. Contenders run one at a time in interleaved rounds;
ratios are of the same round. --write puts the tables into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from benchmarks.cases.common import Setting
from benchmarks.cases.registry import CASES
from benchmarks.machine import this_machine
from benchmarks.report import section_text, write_section
from benchmarks.rounds import WorkerFailedError
from benchmarks.section import Section
from core.store import write_atomically

_IDLE_LIMIT = 0.02  # of a core, while others are measured


def main() -> int:
    """Measure the cases and print them as they come; return the exit status."""
    options = _options()
    setting = Setting(options.rounds, this_machine())
    print(f"{setting.machine}\n", flush=True)
    sections: list[Section] = []
    failed = False
    for name in options.only or CASES:
        start = time.perf_counter()
        try:
            section = CASES[name](setting)
        except WorkerFailedError as error:
            print(f"{name} was not measured. {error}", file=sys.stderr, flush=True)
            failed = True
            continue
        text = section_text(section, setting.machine, options.rounds)
        print(f"{text}\n", flush=True)
        print(f"({name} took {time.perf_counter() - start:.0f} s)\n", file=sys.stderr, flush=True)
        _warn(section)
        sections.append(section)
        if options.write:
            write_section(name, text)
    if options.json is not None:
        numbers = {
            "machine": setting.machine.as_json(),
            "rounds": options.rounds,
            "cases": {section.name: section.as_json() for section in sections},
        }
        write_atomically(options.json, json.dumps(numbers, indent=1) + "\n")
    return 1 if failed else 0


def _warn(section: Section) -> None:
    for results in section.results:
        for timing in results.timings:
            if timing.idle_share > _IDLE_LIMIT:
                print(
                    f"{timing.name} used {timing.idle_share:.0%} of a core while others ran.",
                    file=sys.stderr,
                )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", action="append", choices=list(CASES), help="may be repeated")
    parser.add_argument("--rounds", type=_rounds, default=15)
    parser.add_argument("--json", type=Path, metavar="FILE", help="the numbers, as JSON")
    parser.add_argument("--write", action="store_true", help="into benchmarks/README.md")
    return parser.parse_args()


def _rounds(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, received {text}")
    return int(text)


if __name__ == "__main__":
    raise SystemExit(main())
