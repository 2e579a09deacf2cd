using TaskRes.AllInOne;

var builder = WebApplication.CreateBuilder(args);
builder.AddSuite();

var app = builder.Build();
app.MapSuite();
app.Run();
