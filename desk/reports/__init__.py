"""Reports in every format. Each format only draws the page that `page` lays out; the same report is the same bytes."""
