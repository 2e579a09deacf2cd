using System.CommandLine;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Cli.Training;

/// <summary>What is trained.</summary>
internal static class MethodOption
{
    public static Option<string> Create()
    {
        var option = new Option<string>("--method")
        {
            Description = $"What is trained: {FewShotMethods.Names}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => TrainingSettings.TaskRes,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !FewShotMethods.IsKnown(name))
                result.AddError($"--method: '{name}' is no method that is known; use one of {FewShotMethods.Names}.");
        });
        return option;
    }
}
