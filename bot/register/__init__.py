"""The register file: reading a CSV or XLSX export into entries. Importing this package loads neither calamine nor the title grammar."""
