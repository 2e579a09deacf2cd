using TaskRes.AllInOne;
using TaskRes.Platform.Hosting;

return await ServiceProgram.RunAsync(args, builder => builder.AddSuite(), app => app.MapSuite());
