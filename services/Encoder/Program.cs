using TaskRes.Encoder;
using TaskRes.Platform.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddTaskResDefaults("encoder").AddEncoder();

var app = builder.Build();
app.MapTaskResDefaults().MapEncoder();
app.Run();
