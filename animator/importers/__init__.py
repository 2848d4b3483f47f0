"""File of another program -> Motion. One file is one format; `base.Importer` says the verb."""
