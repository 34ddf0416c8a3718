"""The guarantees are tried on the same round as the verbs."""

from tests.service.conftest import bare, groundwork, org, photos, region, revision, stage

__all__ = ["bare", "groundwork", "org", "photos", "region", "revision", "stage"]
