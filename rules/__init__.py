"""The core: decides, does no I/O and knows no clock."""
