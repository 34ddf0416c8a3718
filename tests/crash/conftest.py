"""What is killed and cut off is the round that the verbs are tried on."""

from tests.service.conftest import bare, groundwork, org, photos, region, revision, stage

__all__ = ["bare", "groundwork", "org", "photos", "region", "revision", "stage"]
