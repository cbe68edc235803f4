"""`python -m assistant` is `parallax`."""

from assistant.cli import main

main()
