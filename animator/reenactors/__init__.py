"""Motion + Sitter + Emotion -> Frames."""
