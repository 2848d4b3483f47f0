"""Audio, label, text or reference -> Emotion. One file is one embedder; `base.Embedder` says the verb."""
