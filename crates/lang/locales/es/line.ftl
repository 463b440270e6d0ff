# What the line protocol says.
