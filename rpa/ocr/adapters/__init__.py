"""Third-party tools of the room, each in one module: Tesseract, OpenCV, PDFium, ZXing."""
