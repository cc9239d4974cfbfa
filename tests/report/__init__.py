"""The documents of the quarterly report, read back and compared with the values that they were made from."""
