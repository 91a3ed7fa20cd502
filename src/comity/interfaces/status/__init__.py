"""The plain status page of one office: what its own server computed from signed bytes, read-only, without script."""
