"""The command line, `python -m core ...`: one file a subcommand.

A subcommand has `add_arguments(parser)` and `run(arguments) -> exit code`. What it needs is
imported when it runs, so that `--help` answers at once and loads no TensorFlow.
"""
