"""Features + Emotion + Rig -> Motion. One file is one generator; `base.Generator` says the verb."""
