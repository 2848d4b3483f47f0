"""The portrait refiner's weights from nothing: pairs of warped and true pictures, and what learns from them."""
