"""Scripts of other programs, each as the `Direction` that it amounts to: one file is one format. What we cannot do is told."""
