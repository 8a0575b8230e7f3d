"""The front end: pages, and what they share in `parts`. It and `app.py` alone know Streamlit."""
