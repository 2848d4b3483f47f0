"""What a head is put together from: eyeballs, teeth, shirt, brows, hair, or a look of the user's own."""
