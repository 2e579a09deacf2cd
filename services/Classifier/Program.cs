using TaskRes.Classifier;
using TaskRes.Platform.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddTaskResDefaults("classifier").AddClassifier();

var app = builder.Build();
app.MapTaskResDefaults().MapClassifier();
app.Run();
