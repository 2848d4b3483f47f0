"""Audio -> Features. One file is one encoder; `base.Encoder` says the verb."""
