### 命令列上的 BandPro。

cli = 樂團一起擁有的樂譜。不開視窗也能做所有的事。
cli-exit-codes =
    結束代碼：0 完成，1 失敗，2 用法錯誤，3 完成但有筆電連不上。
    樂譜用代號指定，也可以只給開頭幾個字，只要不會和別份混淆。資料放在系統的應用程式資料夾，
    或 $BANDPRO_DATA，或 --data DIR。設了 $BANDPRO_LISTEN（例如 192.168.1.20）就只在那個位址與其他
    筆電連線，不用所有的網路。
cli-option-data = 所有資料都放在這個資料夾
cli-option-json = 以 JSON 輸出結果與錯誤，一行一筆
cli-option-language = 使用這個語言
cli-option-verbose = 在標準錯誤輸出更多訊息；寫兩次更詳細
cli-option-help = 顯示說明
cli-option-version = 顯示版本

cli-import = 把 MusicXML 檔案讀進樂譜庫：每份一行，代號與曲名
cli-import-files = MusicXML 檔案（.musicxml、.xml、.mxl）
cli-list = 列出樂譜庫：每份的代號、曲名、作曲、小節數與分部
cli-events = 以 JSON 逐行輸出樂譜的音
cli-events-what = 檔案，或樂譜庫裡的樂譜
cli-engrave = 以 JSON 輸出每頁有哪些小節
cli-engrave-what = 檔案，或樂譜庫裡的樂譜
cli-engrave-check = 一併列出製譜者會圈紅的地方，附種類與位置
cli-export = 把樂譜存成 MusicXML、MIDI、SVG、PDF、PNG 或 WAV
    .more = PATH 的結尾決定格式：musicxml、mxl、mid、svg、pdf、png 或 wav。多頁樂譜存成圖片（svg、png）時，其他頁會另存成 out-2.svg、out-3.svg，依此類推。
cli-export-what = 檔案，或樂譜庫裡的樂譜
cli-export-to = 寫到哪裡；檔名的結尾決定格式
cli-export-part = 只輸出這個分部，從 1 算起
cli-export-page = 只輸出這一頁，從 1 算起
cli-export-dpi = PNG 每英吋的點數，20 到 1200（沒寫就是 200）
cli-export-style = 不用樂譜本身的風格：classical、jazz 或 large-print
cli-export-paper = 不用樂譜本身的紙張：A4、letter、"A4 landscape"，或毫米，例如 229x305
cli-export-named_fonts = SVG 只寫字型名稱，不含字型輪廓
cli-export-view = page（沒寫時）或 continuous：整首排成一行
cli-edit = 對樂譜執行指令
    .more = 指令用「;」分開，名稱見「bandpro commands」：goto 1 3 2; pitch F#4; goto 1 4 1; delete; undo。遇到第一個失敗就停止；前面完成的會保留。
cli-edit-id = 樂譜庫裡的樂譜
cli-edit-script = 用「;」分開的指令
cli-conflicts = 列出合併之後樂譜中待決定的事，以及決定的方式
    .more = 每項一行：代號、位置、發生了什麼；接著每種方式一行：編號與作用。用「bandpro resolve」選一種。
cli-conflicts-id = 樂譜庫裡的樂譜
cli-resolve = 決定一項
cli-resolve-id = 樂譜庫裡的樂譜
cli-resolve-conflict = 「bandpro conflicts」列出的代號
cli-resolve-way = 方式的編號
cli-commands = 列出 edit 認得的指令與按鍵
cli-rename = 更改曲名
cli-rename-id = 樂譜庫裡的樂譜
cli-rename-title = 新的曲名
cli-delete = 從樂譜庫拿掉一份樂譜，同一空間的所有筆電都會拿掉
cli-delete-id = 樂譜庫裡的樂譜
cli-play = 播放樂譜
cli-play-id = 樂譜庫裡的樂譜
cli-share = 產生邀請另一台筆電的邀請碼
    .more = 由人執行時會保持連線直到 Ctrl-C，由程式執行時保持 30 秒。對方加入時必須連得到這台：在這裡，或在「bandpro serve」或視窗開著的時候。
cli-share-id = 樂譜；會分享它所在的整個空間。沒寫就是你自己的空間
cli-share-wait = 保持連線直到中斷
cli-share-no_wait = 印出邀請碼就結束
cli-share-waiting = 可以連線了。執行期間邀請碼有效；Ctrl-C 結束。
cli-share-waiting-while = { $seconds } 秒內可以連線。
cli-join = 用邀請碼加入並取得分享的內容：每份一行，代號與曲名
cli-join-ticket = 邀請碼，從「bandpro-」到結尾
cli-joined = 已加入「{ $space }」。
cli-sync = 和所有連得上的筆電交換改動，一再進行直到 Ctrl-C
cli-sync-once = 只做一次
cli-met = { $name }：收到 { $received } 筆，送出 { $sent } 筆
cli-serve = 保持連線，讓其他筆電連得到，直到 Ctrl-C
cli-serving = 可以連線了。Ctrl-C 結束。
cli-demo = 把示範樂譜放進樂譜庫
cli-demo-tour = 改為示範兩台筆電如何共用一份樂譜，放在這個資料夾或暫存資料夾
cli-demo-there = 示範樂譜已經在裡面了。

tour-folders = 兩台筆電：Mei 的在 { $one }，Jon 的在 { $two }
tour-imported = Mei 把「{ $title }」放進她的樂譜庫
tour-ticket = 她用邀請碼邀請 Jon：{ $ticket }
tour-joined = Jon 加入，拿到「{ $title }」。現在兩人分開，沒有網路
tour-edited = { $who } 獨自修改：{ $script }
tour-merged = 兩人再碰面，筆電交換改動：{ $count } 個音，兩邊一樣
tour-written = 已寫出：{ $file }
tour-read-back = 讀回來：{ $count } 個音
tour-end = 全部都在 { $folder }
