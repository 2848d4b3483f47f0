"""Data: samples, with what each is and who made it in ``manifest.toml``."""
