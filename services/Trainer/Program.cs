using TaskRes.Platform.Hosting;
using TaskRes.Trainer;

var builder = WebApplication.CreateBuilder(args);
builder.AddTaskResDefaults("trainer").AddTrainer();

var app = builder.Build();
app.MapTaskResDefaults().MapTrainer();
app.Run();
