"""Arguments in another form."""

from __future__ import annotations

from colla._decorators import data_transformation, transformation

FILE_TO_OBJECT = "FILE_TO_OBJECT"
FILE_TO_COLLECTION = "FILE_TO_COLLECTION"
OBJECT_TO_FILE = "OBJECT_TO_FILE"
OBJECT_TO_COLLECTION = "OBJECT_TO_COLLECTION"
COLLECTION_TO_OBJECT = "COLLECTION_TO_OBJECT"
COLLECTION_TO_FILE = "COLLECTION_TO_FILE"

dt = data_transformation
DTObject = transformation
dto = transformation
DataTransformation = data_transformation

__all__ = [
    "data_transformation", "dt", "DTObject", "dto", "DataTransformation", "FILE_TO_OBJECT", "FILE_TO_COLLECTION", "OBJECT_TO_FILE",
    "OBJECT_TO_COLLECTION", "COLLECTION_TO_OBJECT", "COLLECTION_TO_FILE",
]  # fmt: skip
