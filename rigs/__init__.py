"""Data: one TOML a rig."""
