return await TaskRes.Cli.CommandLine.RunAsync(args);
