"""The stages of the encoder ``speech``: sound to log-mel, log-mel to phones, and what is relative to the speaker."""
