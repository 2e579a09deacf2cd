using TaskRes.Classifier;
using TaskRes.Platform.Hosting;

return await ServiceProgram.RunAsync(
    args,
    builder => builder.AddTaskResDefaults("classifier").AddClassifier(),
    app => app.MapTaskResDefaults().MapClassifier());
