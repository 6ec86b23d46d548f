export const usage = `Checks CSV files with three services: catalog, processing and notifications.

Usage: npm start -- [options] [file.csv …]

Without files and folders: the files in examples/samples, and a large one that the first run makes.
Without --broker: all three services in this process, no RabbitMQ needed.

By hand, one terminal each (npm start -- …):
  service catalog --broker <url> [--backend <url>] [--quiet]
  service processing --broker <url> …
  service notifications --broker <url> …
  send --broker <url> [options] [file.csv …]

Options:
  --import <folder>   hand in all .csv files of this folder as a whole; may be given several times
  --import-sample     the same with a folder of 200 files, some broken, that the first run makes
  --broker <url>      three processes that meet at this RabbitMQ, such as amqp://localhost
  --backend <url>     results are kept in this Redis, such as redis://localhost (without: they come by the broker)
  --data <folder>     where the services keep what they know (examples/data)
  --read-rate <MB/s>  processing reads each file no faster than this: time to watch, or to kill something
  --verbose           show what the services log; in processes of their own they do so anyway, unless a folder is imported
  --help              this text

DATABASE_URL=postgres://…  a PostgreSQL server for the catalog, instead of the one it brings along

Exit code: 0 when every file was either accepted or refused, 1 when something did not finish, 2 for wrong usage.
`;
