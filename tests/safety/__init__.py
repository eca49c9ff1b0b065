"""Nothing lost, nothing twice: writers that die, servers that go, disks that are full, files that rot."""
