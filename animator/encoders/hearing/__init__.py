"""What encoders share: phones from pocketsphinx, free or along a transcript, and how a voice sounds."""
