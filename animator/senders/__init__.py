"""Motion, frame by frame, over a wire. One file is one protocol; `base.Sender` says the verb."""
