"""Mail servers, each behind the protocol in `base`; a backend's library is imported only when that backend is chosen."""
