"""Client of TaskRes: image classifiers from a few labelled images on one shared CLIP."""

from taskres.classification import AsyncClassificationClient, ClassificationClient
from taskres.client import AsyncTaskResClient, TaskResClient
from taskres.embeddings import Encoded, EncodedItem, to_floats
from taskres.encoding import AsyncEncodingClient, EncodingClient, ImageOptions, TextOptions
from taskres.errors import FieldViolation, TaskResError, reason_name
from taskres.images import ImageSource
from taskres.options import ClientOptions
from taskres.revisions import AsyncRevisionsClient, RevisionsClient
from taskres.tasks import AsyncTasksClient, TasksClient
from taskres.tenants import AsyncTenantsClient, TenantsClient
from taskres.training import AsyncTrainingClient, TrainingClient
from taskres.v1.errors_pb2 import ErrorReason, ItemError
from taskres.v1.tenants_pb2 import ApiKey, Tenant, TenantQuotas, UpdateTenantRequest
from taskres.v1.access_pb2 import Permission
from taskres.v1.trainer_pb2 import BaseKind, Job, JobState, PromotionPolicy, Revision, Rollout, Task, TrainingSettings
from taskres.v1.types_pb2 import CacheTier, EmbeddingFormat, Priority

__all__ = [
    "ApiKey",
    "AsyncClassificationClient",
    "AsyncEncodingClient",
    "AsyncRevisionsClient",
    "AsyncTaskResClient",
    "AsyncTasksClient",
    "AsyncTenantsClient",
    "AsyncTrainingClient",
    "BaseKind",
    "CacheTier",
    "ClassificationClient",
    "ClientOptions",
    "EmbeddingFormat",
    "Encoded",
    "EncodedItem",
    "EncodingClient",
    "ErrorReason",
    "FieldViolation",
    "ImageOptions",
    "ImageSource",
    "ItemError",
    "Job",
    "JobState",
    "Permission",
    "Priority",
    "PromotionPolicy",
    "Revision",
    "RevisionsClient",
    "Rollout",
    "Task",
    "TaskResClient",
    "TaskResError",
    "TasksClient",
    "Tenant",
    "TenantQuotas",
    "TenantsClient",
    "TextOptions",
    "TrainingClient",
    "TrainingSettings",
    "UpdateTenantRequest",
    "reason_name",
    "to_floats",
]
