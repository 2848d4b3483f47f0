"""A list of dialogue to a folder of performances: lists, plan, journal, line, crew, in the order a batch passes them."""
