"""``python -m animator`` is the command ``animator``."""

from animator.cli import main

if __name__ == "__main__":
    main()
