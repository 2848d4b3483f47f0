"""Take -> file for another program. One file is one format; `base.Exporter` says the verb."""
