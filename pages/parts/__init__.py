"""What two pages share: canvas, live figure, style and server parts."""
