using System.Text;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>Forms with pictures, whole and damaged.</summary>
internal static class Forms
{
    private static readonly string[] FileNames = ["a.png", "../../a.png", "..\\a.png", "a\\\"b.png", "a%00.png", "CON", "", "/etc/passwd", "a.png\r\nX: y", "é.png", "😀", new('n', 3000), ".htaccess", "-rf", "a.php.png", "\u202egnp.exe"];

    public static (string Type, byte[] Body) Make(Random random, Pool pool)
    {
        var boundary = random.Next(12) switch { 0 => "", 1 => new string('b', 100), 2 => "a b", _ => "boundary" };
        var body = new List<byte>();
        void Text(string text) => body.AddRange(Encoding.UTF8.GetBytes(text));
        for (var i = random.Next(15) == 0 ? 200 : random.Next(4); i > 0; i--)
        {
            var name = random.Next(6) switch { 0 => "userId", 1 => "folderPath", 2 => "frameId", 3 => "isUserUpload", _ => Odd.Texts[random.Next(Odd.Texts.Length)] };
            var value = name switch { "folderPath" => $"{pool.User(random)}/{pool.Request(random)}", "frameId" => "2", _ => Odd.Texts[random.Next(Odd.Texts.Length)] };
            Text($"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }

        Text($"--{boundary}\r\nContent-Disposition: form-data; name=\"{(random.Next(10) == 0 ? "other" : "image")}\"; filename=\"{FileNames[random.Next(FileNames.Length)]}\"\r\n");
        if (random.Next(12) == 0) Text($"X: {new string('x', 5000)}\r\n");
        if (random.Next(12) == 0) Text("Content-Transfer-Encoding: base64\r\n");
        if (random.Next(12) == 0) Text("Content-Type: multipart/mixed; boundary=inner\r\n");
        Text("\r\n");
        body.AddRange(Odd.Picture(random));
        Text(random.Next(10) == 0 ? "\r\n" : $"\r\n--{boundary}--\r\n");
        byte[] bytes = [.. body];
        return ($"multipart/form-data; boundary={(random.Next(10) == 0 ? "another" : boundary)}", random.Next(8) == 0 ? Odd.Spoil(random, bytes, 10) : bytes);
    }
}
