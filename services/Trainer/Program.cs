using TaskRes.Platform.Hosting;
using TaskRes.Trainer;

return await ServiceProgram.RunAsync(
    args,
    builder => builder.AddTaskResDefaults("trainer").AddTrainer(),
    app => app.MapTaskResDefaults().MapTrainer());
