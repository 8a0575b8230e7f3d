"""Entry of `python -m benchmarks`: the sampler against what one would use instead."""

from benchmarks.sampler import main

raise SystemExit(main())
