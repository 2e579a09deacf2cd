using TaskRes.Trainer;
using TaskRes.Platform.Hosting;

return await ServiceProgram.RunAsync(
    args,
    builder => builder.AddTaskResDefaults("trainer").AddTrainer(),
    app => app.MapTaskResDefaults().MapTrainer());
