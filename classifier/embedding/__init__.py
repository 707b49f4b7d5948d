"""The semantic extra: an offline embedding model behind `core.embedding.Embedder`, and what is made of its vectors."""
