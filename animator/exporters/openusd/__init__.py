"""USD through OpenUSD's own library: `body` is a head as prims, `surface` its materials, `motion` its skeletal animation."""
