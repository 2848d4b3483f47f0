"""glTF 2.0 written by hand: `document` is the file, `surface` materials, `body` a head as meshes, `motion` its animation."""
