"""Motion + Head + Stage -> Frames. One file is one renderer; `base.Renderer` says the verb."""
