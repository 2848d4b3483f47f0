"""What flows: frozen values over numpy. No files, no drawing, no torch.

Conventions, written once for the whole project:

- **Time.** Frame ``i`` is the instant ``i / fps``; seconds inside. Rates are ``Fraction``: 30000/1001 is not 29.97.
- **Space.** Right-handed, +Y up, +Z out of the face, metres (glTF's). Left is the subject's own left (ARKit's), so +X.
- **Angles.** Radians, right-handed about their axis: pitch about +X (positive looks down), yaw about +Y (positive turns
  to the subject's left), roll about +Z (positive tilts the crown to the subject's right).
- **Weights.** A control with unit ``weight`` is in [0, 1], and 0 is rest.
- **Colour.** Pictures are ``uint8`` sRGB with straight (not premultiplied) alpha; row 0 is the top.
- **Axes.** ``N`` samples, ``T`` frames, ``C`` controls or channels, ``V`` vertices, ``F`` triangles, ``H W`` pixels.

Arrays are made read-only when a value is born, and each value is checked once, there.
"""
