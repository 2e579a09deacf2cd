using TaskRes.Encoder;
using TaskRes.Platform.Hosting;

return await ServiceProgram.RunAsync(
    args,
    builder => builder.AddTaskResDefaults("encoder").AddEncoder(),
    app => app.MapTaskResDefaults().MapEncoder());
