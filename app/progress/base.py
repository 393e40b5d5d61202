"""What all tables have in common: how constraints are named, ids and keys.

Promise: one naming convention, so that later migrations can name what they change.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Id = String(32)
Key = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """One naming convention, so that later migrations can name what they change."""

    metadata = MetaData(naming_convention=NAMING)
