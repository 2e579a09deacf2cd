using Microsoft.Extensions.Options;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Registry;
using TaskRes.Trainer.Examples;
using TaskRes.Trainer.Jobs;
using TaskRes.Trainer.Requests;
using TaskRes.Trainer.Revisions;
using TaskRes.Trainer.Tasks;
using TaskRes.Trainer.Training;
using TaskRes.V1;

namespace TaskRes.Trainer.Grpc;

/// <summary>The Trainer's RPCs: each validates, calls and maps; one file for each feature.</summary>
internal sealed partial class TrainerGrpcService(
    ITaskRegistry registry,
    TaskCreation creation,
    TaskViews views,
    ExampleIntake intake,
    JobService jobs,
    RevisionTransfer transfer,
    DifficultyQuery difficulty,
    RequestLog log,
    IOptions<RequestLimits> limits) : TrainerService.TrainerServiceBase
{
    private const int DefaultPageSize = 50;

    private static PageRequest Page(int size, string token) => new(size == 0 ? DefaultPageSize : size, token);
}
